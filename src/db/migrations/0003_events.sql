CREATE TABLE "builds" (
	"repository" text NOT NULL,
	"build" text NOT NULL,
	"starter" text,
	"starter_name" text,
	"ended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "builds_repository_build_pk" PRIMARY KEY("repository","build")
);
--> statement-breakpoint
CREATE TABLE "cards" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"subject" text NOT NULL,
	"object" text,
	"subscription" text,
	"parent" text,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"place" text,
	"ts" text,
	"state" text DEFAULT 'new' NOT NULL,
	"wanted" integer DEFAULT 1 NOT NULL,
	"drawn" integer DEFAULT 0 NOT NULL,
	"drawing" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel_turns" (
	"channel" text PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hook" bigint,
	"object" text NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"key" text NOT NULL,
	"subject" text,
	"body" jsonb,
	"raw" text,
	"repeats" integer DEFAULT 0 NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"fanned_at" timestamp (3) with time zone,
	CONSTRAINT "events_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "follows" (
	"repository" text PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	"watched_since" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "hooks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hooks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"token_hash" text NOT NULL,
	"object" text NOT NULL,
	"event" text NOT NULL,
	"notification" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"tested_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	CONSTRAINT "hooks_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"channel" text NOT NULL,
	"target" text NOT NULL,
	"owner" text NOT NULL,
	"time_zone" text,
	"groups" jsonb NOT NULL,
	"severity" text NOT NULL,
	"tags" jsonb NOT NULL,
	"only" text NOT NULL,
	"digest" text NOT NULL,
	"digest_due_at" timestamp (3) with time zone,
	"known" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"muted_until" timestamp (3) with time zone,
	"state" text DEFAULT 'active' NOT NULL,
	"reason" jsonb,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "builds_running" ON "builds" USING btree ("repository") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "builds_created_at" ON "builds" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "cards_of_channel" ON "cards" USING btree ("channel","subject");--> statement-breakpoint
CREATE INDEX "cards_subject" ON "cards" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "cards_pending" ON "cards" USING btree ("channel","due_at") WHERE wanted > drawn and state <> 'gone';--> statement-breakpoint
CREATE INDEX "cards_created_at" ON "cards" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "events_to_fan_out" ON "events" USING btree ("id") WHERE fanned_at is null;--> statement-breakpoint
CREATE INDEX "events_subject" ON "events" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "events_object" ON "events" USING btree ("object","kind","received_at");--> statement-breakpoint
CREATE INDEX "events_hook" ON "events" USING btree ("hook","received_at");--> statement-breakpoint
CREATE INDEX "events_received_at" ON "events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "follows_due_at" ON "follows" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "hooks_of_object" ON "hooks" USING btree ("object","event");--> statement-breakpoint
CREATE INDEX "hooks_checked_at" ON "hooks" USING btree ("checked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_of_channel" ON "subscriptions" USING btree ("team","channel","target");--> statement-breakpoint
CREATE INDEX "subscriptions_active" ON "subscriptions" USING btree ("target") WHERE state = 'active';--> statement-breakpoint
CREATE INDEX "subscriptions_digest" ON "subscriptions" USING btree ("digest_due_at");