CREATE TABLE "homes" (
	"team" text NOT NULL,
	"person" text NOT NULL,
	"waiting" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"hash" text,
	"drawing" text,
	"wanted" integer DEFAULT 1 NOT NULL,
	"drawn" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"opened_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "homes_team_person_pk" PRIMARY KEY("team","person")
);
--> statement-breakpoint
CREATE INDEX "homes_opened_at" ON "homes" USING btree ("opened_at");