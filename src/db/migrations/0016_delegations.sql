CREATE TABLE "request_comments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "request_comments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request" text NOT NULL,
	"person" text NOT NULL,
	"name" text NOT NULL,
	"by" text NOT NULL,
	"said" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delegations" (
	"id" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"delegator" text NOT NULL,
	"delegator_name" text NOT NULL,
	"delegator_account" text NOT NULL,
	"delegate" text NOT NULL,
	"delegate_name" text NOT NULL,
	"delegate_account" text NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "request_followers" (
	"request" text NOT NULL,
	"person" text NOT NULL,
	"name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "request_followers_request_person_pk" PRIMARY KEY("request","person")
);
--> statement-breakpoint
ALTER TABLE "approver_notices" ADD COLUMN "why" jsonb;--> statement-breakpoint
ALTER TABLE "votes" ADD COLUMN "behalf" jsonb;--> statement-breakpoint
ALTER TABLE "request_comments" ADD CONSTRAINT "request_comments_request_requests_id_fk" FOREIGN KEY ("request") REFERENCES "public"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "request_followers" ADD CONSTRAINT "request_followers_request_requests_id_fk" FOREIGN KEY ("request") REFERENCES "public"."requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "request_comments_request" ON "request_comments" USING btree ("request","id");--> statement-breakpoint
CREATE UNIQUE INDEX "delegations_one" ON "delegations" USING btree ("team","delegator") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "delegations_delegate" ON "delegations" USING btree ("team","delegate") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "delegations_due" ON "delegations" USING btree ("ends_at") WHERE ended_at is null;