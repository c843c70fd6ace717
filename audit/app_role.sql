-- The role that the application runs as: it writes the register, and only adds to the audit trail.
-- psql -v role=register -f audit/app_role.sql DATABASE, as the owner of the tables.
GRANT USAGE ON SCHEMA public TO :role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :role;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :role;
REVOKE ALL ON audit_event, audit_book, audit_line, audit_balance, audit_seal, audit_batch,
  audit_notice, audit_timestamp
  FROM :role;
GRANT SELECT, INSERT ON audit_event, audit_book, audit_line, audit_balance, audit_seal, audit_batch,
  audit_notice, audit_timestamp
  TO :role;
REVOKE UPDATE, DELETE ON releases_release, releases_pack FROM :role;
