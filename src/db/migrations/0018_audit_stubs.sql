CREATE TABLE "audit_stubs" (
	"position" bigint PRIMARY KEY NOT NULL,
	"seal" text NOT NULL,
	"removed" bigint NOT NULL,
	"unknown" bigint NOT NULL,
	"last_id" bigint NOT NULL,
	"from" timestamp (3) with time zone NOT NULL,
	"through" timestamp (3) with time zone NOT NULL,
	"proof" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);--> statement-breakpoint
-- Entries of the audit log may go once a stub stands in their place; the stubs themselves never change.
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.seal IS NOT NULL
			AND to_jsonb(NEW) - 'position' - 'seal' = to_jsonb(OLD) - 'position' - 'seal' THEN
			RETURN NEW;
		END IF;
	END IF;
	IF TG_OP = 'DELETE' THEN
		IF OLD.position <= (SELECT max(audit_stubs.position) FROM audit_stubs) THEN
			RETURN OLD;
		END IF;
	END IF;
	RAISE EXCEPTION 'the audit is append-only';
END
$$;--> statement-breakpoint
CREATE FUNCTION audit_stubs_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the audit is append-only';
END
$$;--> statement-breakpoint
CREATE TRIGGER audit_stubs_append_only BEFORE UPDATE OR DELETE ON "audit_stubs" FOR EACH ROW EXECUTE FUNCTION audit_stubs_append_only();--> statement-breakpoint
CREATE TRIGGER audit_stubs_not_truncated BEFORE TRUNCATE ON "audit_stubs" FOR EACH STATEMENT EXECUTE FUNCTION audit_stubs_append_only();
