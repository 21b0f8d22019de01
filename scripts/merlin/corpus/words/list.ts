// Word inventories are written as plain text, separated by commas and line ends, so that they read as lists.

export function list(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
