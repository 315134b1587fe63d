-- The other names of a workspace root: its path without symbolic links, and for a folder in a git worktree the folder that
-- stands for it in the repository's main working tree. The highest revision tells whether another host wrote one.
CREATE TABLE root (
    entity     INTEGER PRIMARY KEY REFERENCES entity,
    real       TEXT,
    repository TEXT,
    revision   INTEGER NOT NULL
) STRICT;
CREATE INDEX root_revision ON root (revision);
