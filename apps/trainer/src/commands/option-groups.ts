/** Headings under which the help lists options. */
export const OptionGroup = {
  data: "Data:",
  training: "Network and training:",
  run: "Folder of the run:",
  tuning: "Fine-tuning:",
  sampling: "Sampling:",
  condition: "Conditioning:",
  weights: "Weights:",
  trainedWith: "How it was trained:",
  measures: "What is measured:",
  compared: "What is compared:",
  samples: "Samples:",
  pictures: "Pictures:",
  parts: "In parts:",
  machine: "Where it runs:",
  all: "For every command:",
} as const;
