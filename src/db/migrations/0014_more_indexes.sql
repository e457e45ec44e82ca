ALTER TABLE "namespace_passes" ADD COLUMN IF NOT EXISTS "subscriptions" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "access_grants_request" ON "access_grants" USING btree ("request");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "secrets_opened_at" ON "secrets" USING btree ("opened_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "subscriptions_channel" ON "subscriptions" USING btree ("channel");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "approver_notices_person" ON "approver_notices" USING btree ("person");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "requests_reference" ON "requests" USING btree ("reference");