CREATE TABLE "audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"reference" text NOT NULL,
	"phase" text NOT NULL,
	"team" text NOT NULL,
	"person" text NOT NULL,
	"name" text NOT NULL,
	"account" text,
	"operation" text NOT NULL,
	"input" jsonb NOT NULL,
	"right" text,
	"rule" text,
	"outcome" jsonb,
	"call" text,
	"request" text,
	"position" bigint,
	"seal" text,
	CONSTRAINT "audit_position_unique" UNIQUE("position")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"key" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"person" text NOT NULL,
	"operation" text NOT NULL,
	"reference" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"outcome" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "links" (
	"team" text NOT NULL,
	"slack_id" text NOT NULL,
	"account" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "links_team_slack_id_pk" PRIMARY KEY("team","slack_id")
);
--> statement-breakpoint
CREATE TABLE "pages" (
	"id" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"person" text NOT NULL,
	"operation" text NOT NULL,
	"input" jsonb NOT NULL,
	"endpoint" text NOT NULL,
	"tokens" jsonb NOT NULL,
	"firsts" jsonb NOT NULL,
	"ahead" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recent" (
	"team" text NOT NULL,
	"person" text NOT NULL,
	"operation" text NOT NULL,
	"input" jsonb NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "recent_team_person_operation_pk" PRIMARY KEY("team","person","operation")
);
--> statement-breakpoint
CREATE TABLE "replies" (
	"id" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"person" text NOT NULL,
	"operation" text NOT NULL,
	"input" jsonb NOT NULL,
	"result" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"id" text PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"person" text NOT NULL,
	"what" jsonb NOT NULL,
	"key_id" text NOT NULL,
	"nonce" text NOT NULL,
	"ciphertext" text NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_unsealed" ON "audit" USING btree ("id") WHERE position is null;--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_person" ON "audit" USING btree ("team","person","at");--> statement-breakpoint
CREATE INDEX "audit_reference" ON "audit" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "entries_created_at" ON "entries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "links_account" ON "links" USING btree ("account");--> statement-breakpoint
CREATE INDEX "pages_used_at" ON "pages" USING btree ("used_at");--> statement-breakpoint
CREATE INDEX "replies_created_at" ON "replies" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "secrets_expires_at" ON "secrets" USING btree ("expires_at");