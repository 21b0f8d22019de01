/** In the place of something that could not be fetched: why, and another try. */
import { Button } from '@mantine/core'
import { sentence } from '../lib/failure'
import { Problem } from './problem'

export function LoadFailure({ error, retry }: { error: unknown; retry(): unknown }) {
  return (
    <Problem
      action={
        <Button size="compact-sm" variant="default" onClick={() => void retry()}>
          Try again
        </Button>
      }
    >
      {sentence(error)}
    </Problem>
  )
}
