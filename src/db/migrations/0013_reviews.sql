ALTER TABLE "access_grants" ADD COLUMN "channel" text;--> statement-breakpoint
ALTER TABLE "access_grants" ADD COLUMN "unreviewed" text;--> statement-breakpoint
CREATE UNIQUE INDEX "access_grants_unreviewed" ON "access_grants" USING btree ("unreviewed");