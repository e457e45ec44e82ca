CREATE TABLE "background_calls" (
	"since" timestamp (3) with time zone PRIMARY KEY NOT NULL,
	"calls" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "background_share" (
	"name" text PRIMARY KEY NOT NULL,
	"calls" double precision NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "namespace_passes" (
	"namespace" text PRIMARY KEY NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"changes" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"calls" integer DEFAULT 0 NOT NULL,
	"repositories" integer DEFAULT 0 NOT NULL,
	"objects" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "namespace_passes_due_at" ON "namespace_passes" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "audit_account" ON "audit" USING btree ("account","at");--> statement-breakpoint
CREATE INDEX "audit_operation" ON "audit" USING btree ("operation","at");--> statement-breakpoint
CREATE INDEX "audit_phase" ON "audit" USING btree ("phase","at");--> statement-breakpoint
CREATE INDEX "audit_request" ON "audit" USING btree ("request","at") WHERE request is not null;--> statement-breakpoint
CREATE INDEX "builds_starter" ON "builds" USING btree ("starter","created_at") WHERE starter is not null;--> statement-breakpoint
CREATE INDEX "entries_running" ON "entries" USING btree ("created_at") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "follows_watched" ON "follows" USING btree (split_part(repository, '/', 1)) WHERE watched_since is not null;--> statement-breakpoint
CREATE INDEX "hooks_namespace" ON "hooks" USING btree (split_part(object, '/', 1));--> statement-breakpoint
CREATE INDEX "recent_at" ON "recent" USING btree ("at");--> statement-breakpoint
CREATE INDEX "secrets_person" ON "secrets" USING btree ("person","created_at");--> statement-breakpoint
CREATE INDEX "subscriptions_owner" ON "subscriptions" USING btree ("team","owner");--> statement-breakpoint
CREATE INDEX "subscriptions_namespace" ON "subscriptions" USING btree (split_part(target, '/', 1));--> statement-breakpoint
CREATE INDEX "subscriptions_checked" ON "subscriptions" USING btree ("checked_at") WHERE state <> 'ended';--> statement-breakpoint
CREATE INDEX "subscriptions_ended" ON "subscriptions" USING btree ("checked_at") WHERE state = 'ended';--> statement-breakpoint
CREATE INDEX "homes_behind" ON "homes" USING btree ("due_at") WHERE wanted > drawn;--> statement-breakpoint
CREATE INDEX "homes_waiting" ON "homes" USING gin ("waiting");--> statement-breakpoint
CREATE INDEX "requests_open" ON "requests" USING btree ("team","created_at") WHERE state in ('pending', 'approved', 'running', 'unknown');--> statement-breakpoint
CREATE INDEX "requests_ended" ON "requests" USING btree ("ended_at") WHERE ended_at is not null;