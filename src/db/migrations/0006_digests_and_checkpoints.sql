CREATE TABLE "audit_checkpoints" (
	"position" bigint PRIMARY KEY NOT NULL,
	"seal" text NOT NULL,
	"unknown" bigint NOT NULL,
	"proof" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "digested_at" timestamp (3) with time zone;