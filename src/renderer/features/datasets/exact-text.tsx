/** Text to the letter: line breaks stay, and white space at either end, which models do learn, is tinted. */
import classes from './dataset-rows.module.css'

export function ExactText({ text }: { text: string }) {
  const { before, middle, after } = ends(text)
  return (
    <>
      {before && <mark className={classes.space}>{before}</mark>}
      {middle}
      {after && <mark className={classes.space}>{after}</mark>}
    </>
  )
}

/** White space at the start, the rest, white space at the end; together they are the text. */
export function ends(text: string): { before: string; middle: string; after: string } {
  const before = /^\s*/.exec(text)![0]
  const after = before.length === text.length ? '' : /\s*$/.exec(text)![0]
  return { before, middle: text.slice(before.length, text.length - after.length), after }
}
