CREATE TABLE "posts" (
	"key" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"thread" text,
	"message" jsonb,
	"state" text NOT NULL,
	"place" text,
	"ts" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "posts_due" ON "posts" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "posts_created_at" ON "posts" USING btree ("created_at");