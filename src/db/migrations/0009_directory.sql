CREATE TABLE "directory_lists" (
	"list" text PRIMARY KEY NOT NULL,
	"pass" integer DEFAULT 0 NOT NULL,
	"next" text,
	"first" text,
	"pages" integer DEFAULT 0 NOT NULL,
	"known_pages" integer,
	"started_at" timestamp (3) with time zone,
	"as_of" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"key_id" text,
	"due_at" timestamp (3) with time zone NOT NULL,
	"urgent" boolean DEFAULT false NOT NULL,
	"holder" text,
	"lease_until" timestamp (3) with time zone,
	"problem" jsonb
);
--> statement-breakpoint
CREATE TABLE "directory_members" (
	"organization" text NOT NULL,
	"account" text NOT NULL,
	"role" text NOT NULL,
	"repositories" jsonb NOT NULL,
	CONSTRAINT "directory_members_organization_account_pk" PRIMARY KEY("organization","account")
);
--> statement-breakpoint
CREATE TABLE "directory_organizations" (
	"name" text PRIMARY KEY NOT NULL,
	"teams" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"pass" integer NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "directory_repositories" (
	"name" text PRIMARY KEY NOT NULL,
	"namespace" text NOT NULL,
	"is_public" boolean NOT NULL,
	"pass" integer NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "directory_users" (
	"name" text PRIMARY KEY NOT NULL,
	"address" text,
	"enabled" boolean NOT NULL,
	"pass" integer NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "directory_lists_due_at" ON "directory_lists" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "directory_members_account" ON "directory_members" USING btree ("account");--> statement-breakpoint
CREATE INDEX "directory_repositories_namespace" ON "directory_repositories" USING btree ("namespace");--> statement-breakpoint
CREATE INDEX "directory_users_address" ON "directory_users" USING btree ("address");