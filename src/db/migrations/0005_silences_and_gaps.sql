ALTER TABLE "hooks" ADD COLUMN "problem" text;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "silent_since" timestamp (3) with time zone;