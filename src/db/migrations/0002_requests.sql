CREATE TABLE "requests" (
	"id" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"requester" text NOT NULL,
	"name" text NOT NULL,
	"account" text,
	"operation" text NOT NULL,
	"input" jsonb NOT NULL,
	"sealed" jsonb,
	"reason" text,
	"rule" jsonb NOT NULL,
	"facts" jsonb,
	"revision" text NOT NULL,
	"about" jsonb NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"note" jsonb,
	"reference" text NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"mode" text DEFAULT 'first' NOT NULL,
	"retry_at" timestamp (3) with time zone,
	"result" jsonb,
	"steps" jsonb,
	"failure" jsonb,
	"found" jsonb,
	"secret" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"drawn" integer DEFAULT 0 NOT NULL,
	"drawing_until" timestamp (3) with time zone,
	"draw_at" timestamp (3) with time zone,
	"posting" boolean DEFAULT false NOT NULL,
	"card_ts" text,
	"card_problem" text,
	"notice_channel" text,
	"notice_ts" text,
	"reminded" integer DEFAULT 0 NOT NULL,
	"escalated" boolean DEFAULT false NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "votes" (
	"request" text NOT NULL,
	"account" text NOT NULL,
	"person" text NOT NULL,
	"name" text NOT NULL,
	"decision" text NOT NULL,
	"entitled" boolean NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "votes_request_account_pk" PRIMARY KEY("request","account")
);
--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_request_requests_id_fk" FOREIGN KEY ("request") REFERENCES "public"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "requests_requester" ON "requests" USING btree ("team","requester","created_at");--> statement-breakpoint
CREATE INDEX "requests_due" ON "requests" USING btree ("due_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "requests_active" ON "requests" USING btree ("state") WHERE state in ('approved', 'running');--> statement-breakpoint
CREATE INDEX "requests_undrawn" ON "requests" USING btree ("draw_at") WHERE drawn < version;