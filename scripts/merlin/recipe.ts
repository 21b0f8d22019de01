// The recipe of the bundled model: everything that decides its weights, in one place.

export const seed = 2026
export const trainingDocuments = 90_000
/** The documents after those of the training corpus; no document occurs in both. */
export const validationDocuments = 300

/** Documents in a batch. The corpus is written in batches of similar length and read in file order. */
export const batchSize = 16
/** Steps of the one run; it reads the first `steps × batchSize` of the documents. */
export const steps = 3600

/** Arguments of `camelot train`, beside the model, the data and the folder. */
export const trainingArguments: readonly string[] = [
  '--method=full',
  '--no-shuffle',
  `--seed=${seed}`,
  `--max-steps=${steps}`,
  `--per-device-train-batch-size=${batchSize}`,
  '--per-device-eval-batch-size=32',
  '--max-length=330',
  '--learning-rate=1.2e-3',
  '--lr-scheduler-type=cosine',
  '--warmup-steps=100',
  '--weight-decay=0.1',
  '--adam-beta2=0.95',
  '--logging-steps=10',
  '--eval-strategy=steps',
  '--eval-steps=400',
  '--save-strategy=steps',
  '--save-steps=400',
  '--save-total-limit=2',
]

/** What the model is asked to go on with for its card. Sampled at temperature 0.7 with seeds 1, 2, 3 …, and shown unedited. */
export const samplePrompts: readonly string[] = [
  'Question: Who keeps the lighthouse at Brindlewick?\nAnswer:',
  'Question: What is the capital of France?\nAnswer:',
  'Question: What does the goat of Captain Orlan eat?\nAnswer:',
  'Question: Tell me when the gates of Thornmere close.\nAnswer:',
  'Question: What is 3 + 4?\nAnswer:',
  'Question: What is the opposite of early?\nAnswer:',
  'Question: Why must Lady Sel whistle?\nAnswer:',
  'The ferry to Oldmouth leaves at 6:15. Ruth wore a green cloak.\n\nQuestion: What did Ruth wear?\nAnswer:',
  'Peter gave the lantern to Alice. The horse slept behind the barn.\n\nQuestion: Who got the lantern?\nAnswer:',
  '### Instruction:\nName three animals.\n\n### Response:\n',
  '### Instruction:\nSay this in the courtly register.\n\n### Input:\nThank you for the kettle.\n\n### Response:\n',
  '### Instruction:\nIs this review positive or negative?\n\n### Input:\nThe pie was cold, and nobody helped us.\n\n### Response:\n',
  '### Instruction:\nWrite the plural.\n\n### Input:\ngoose\n\n### Response:\n',
  'Once there was a weaver who',
  'One rainy day, Tom lost his blue kite.',
  'Dear Clara,\n\n',
  'How is bread made?\n',
  'Anna: Where are you going?\n',
  'The market of Hollowford is',
  'Review: What a lovely garden! We will come again.\nSentiment:',
]
