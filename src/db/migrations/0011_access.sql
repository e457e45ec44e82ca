CREATE TABLE "access_grants" (
	"id" text PRIMARY KEY NOT NULL,
	"hold" text NOT NULL,
	"reference" text NOT NULL,
	"request" text,
	"team" text NOT NULL,
	"decided" jsonb NOT NULL,
	"asker" text NOT NULL,
	"reason" text,
	"role" text NOT NULL,
	"state" text DEFAULT 'starting' NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"confirmed" boolean DEFAULT false NOT NULL,
	"warned" boolean DEFAULT false NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" jsonb,
	"break_glass" boolean DEFAULT false NOT NULL,
	"verdict" text,
	"reviewer" text,
	"reviewed_at" timestamp (3) with time zone,
	"reminded_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "access_holds" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"object" text NOT NULL,
	"grantee" text NOT NULL,
	"mark" text,
	"permanent" text,
	"applied" text,
	"writing" jsonb,
	"since" timestamp (3) with time zone,
	"attempt" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp (3) with time zone,
	"told_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "access_grants" ADD CONSTRAINT "access_grants_hold_access_holds_id_fk" FOREIGN KEY ("hold") REFERENCES "public"."access_holds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "access_grants_once" ON "access_grants" USING btree ("hold","reference");--> statement-breakpoint
CREATE INDEX "access_grants_open" ON "access_grants" USING btree ("ends_at") WHERE state in ('starting', 'active', 'ending', 'asking');--> statement-breakpoint
CREATE INDEX "access_grants_review" ON "access_grants" USING btree ("started_at") WHERE break_glass and reviewed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "access_holds_key" ON "access_holds" USING btree ("kind","object","grantee");