/** The catalogue's tables, as steps from one `user_version` to the next. A step that was released never changes. */

const first = `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE models (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL, bundled INTEGER NOT NULL, addedAt TEXT NOT NULL,
  -- What the folder held when it was last looked at, and how its files looked from outside then.
  facts TEXT NOT NULL, fingerprint TEXT NOT NULL
);

CREATE TABLE datasets (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, sourceName TEXT NOT NULL, format TEXT NOT NULL, "rows" INTEGER NOT NULL,
  sizeBytes INTEGER NOT NULL, columns TEXT NOT NULL, mapping TEXT NOT NULL, problems TEXT NOT NULL,
  importedAt TEXT NOT NULL,
  -- 1 where the person deleted it and may still take that back.
  aside INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE statistics (
  datasetId TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  modelId TEXT NOT NULL, maxLength INTEGER NOT NULL, mapping TEXT NOT NULL, statistics TEXT NOT NULL,
  PRIMARY KEY (datasetId, modelId, maxLength, mapping)
);

CREATE TABLE runs (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, modelId TEXT NOT NULL, modelName TEXT NOT NULL, modelFolder TEXT NOT NULL,
  datasetId TEXT NOT NULL, datasetName TEXT NOT NULL, status TEXT NOT NULL,
  -- What the engine was asked for, to ask the same when the run goes on; and every argument in force.
  spec TEXT NOT NULL, arguments TEXT NOT NULL, outputDir TEXT NOT NULL,
  -- Derived from the run's log, which has the last word.
  progress TEXT NOT NULL, createdAt TEXT NOT NULL, finishedAt TEXT
);

CREATE TABLE conversations (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, models TEXT NOT NULL, systemPrompt TEXT NOT NULL, updatedAt TEXT NOT NULL
);

CREATE TABLE messages (
  position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  conversationId TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  role TEXT NOT NULL, text TEXT NOT NULL,
  -- For answers: which of the conversation's models gave it (0 or 1).
  slot INTEGER,
  model TEXT, tokens INTEGER, tokensPerSecond REAL, stopReason TEXT, createdAt TEXT NOT NULL
);
CREATE INDEX messagesOfConversation ON messages (conversationId, position);

CREATE TABLE exports (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, sourceName TEXT NOT NULL, format TEXT NOT NULL, dtype TEXT,
  folder TEXT NOT NULL, downloadable INTEGER NOT NULL, sizeBytes INTEGER NOT NULL, createdAt TEXT NOT NULL
);
`

export const migrations: readonly string[] = [first]
