/** Before the first message: who will answer, and where to write. */
import { Button } from '@mantine/core'
import { IconMessageCircle } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { ModelReference } from '../../../shared/contract'
import { EmptyState } from '../../components/empty-state'
import { referenceName } from '../../lib/model-reference'
import { useModels, useRuns } from '../../lib/queries'
import { Composer } from './composer'
import classes from './thread.module.css'

type Props = { models: ModelReference[]; begin(text: string): Promise<boolean> }

export function NewConversation({ models, begin }: Props) {
  const known = useModels()
  const runs = useRuns()
  const names = models.map((model) => referenceName(model, known.data ?? [], runs.data ?? [])).join(' and ')
  const waiting = known.isPending || runs.isPending
  return (
    <>
      <div className={classes.opening}>
        {!waiting && (
          <EmptyState
            icon={IconMessageCircle}
            title={models.length === 0 ? 'No model to talk to' : `Say something to ${names}`}
            text={
              models.length === 0
                ? 'Add a model first: drop its folder on the window.'
                : 'Ask what your data taught it. Side by side, the base model shows what changed.'
            }
            action={
              models.length === 0 && (
                <Button component={Link} to="/models">
                  Models
                </Button>
              )
            }
          />
        )}
      </div>
      <Composer going={false} disabled={models.length === 0} send={begin} stop={() => {}} />
    </>
  )
}
