CREATE TABLE "approver_notices" (
	"request" text NOT NULL,
	"person" text NOT NULL,
	"how" text NOT NULL,
	"channel" text,
	"ts" text,
	"posting" boolean DEFAULT false NOT NULL,
	"closed" boolean DEFAULT false NOT NULL,
	CONSTRAINT "approver_notices_request_person_pk" PRIMARY KEY("request","person")
);
--> statement-breakpoint
ALTER TABLE "approver_notices" ADD CONSTRAINT "approver_notices_request_requests_id_fk" FOREIGN KEY ("request") REFERENCES "public"."requests"("id") ON DELETE no action ON UPDATE no action;