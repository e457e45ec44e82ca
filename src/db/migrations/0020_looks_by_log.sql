ALTER TABLE "namespace_passes" ADD COLUMN "listed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "namespace_passes" ADD COLUMN "counted" jsonb;