-- Where the symbolic links of a config's rules led when it was put in force: a JSON object, real folder by folder.
ALTER TABLE config ADD COLUMN links TEXT;
