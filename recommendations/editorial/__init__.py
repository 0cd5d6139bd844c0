"""Every change of content: intake, review, publication, correction, merging; the audit trail."""
