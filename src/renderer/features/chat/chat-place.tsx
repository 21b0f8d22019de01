/** Conversations with one model, or with two side by side. */
import { useEffect, useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { ModelReference } from '../../../shared/contract'
import { noteFailure } from '../../lib/activities'
import { studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { decodeReference, hasCheckpoint, isRunnable } from '../../lib/model-reference'
import { refresh, useModels, useRuns } from '../../lib/queries'
import { asBoolean, useRemembered } from '../../lib/remembered'
import { sendMessage, useAnswerStream } from './answer-streams'
import { ChatHead } from './chat-head'
import classes from './chat-place.module.css'
import { ConversationList } from './conversation-list'
import { NewConversation } from './new-conversation'
import { SamplingPanel } from './sampling-panel'
import { useSettings } from './settings'
import { Thread } from './thread'
import { useConversation } from './use-conversation'

export function ChatPlace() {
  const { id } = useParams()
  const [search] = useSearchParams()
  return id ? (
    <StoredChat key={id} id={id} />
  ) : (
    <NewChat key={search.get('model') ?? ''} linked={decodeReference(search.get('model'))} />
  )
}

function StoredChat({ id }: { id: string }) {
  const conversation = useConversation(id)
  const models = conversation.data?.models ?? []
  const sampling = useSettings(models[0])
  const going = useAnswerStream(id)?.going ?? false
  return (
    <ChatFrame
      chosen={id}
      head={(panel) => (
        <ChatHead
          models={models}
          disabled={!conversation.data || going}
          {...panel}
          change={(next) => conversation.change({ models: next })}
        />
      )}
      panel={
        <SamplingPanel
          key={id}
          {...sampling}
          systemPrompt={conversation.data?.systemPrompt ?? ''}
          setSystemPrompt={(systemPrompt) => conversation.change({ systemPrompt })}
        />
      }
    >
      <Thread id={id} conversation={conversation} settings={sampling.given} />
    </ChatFrame>
  )
}

function NewChat({ linked }: { linked: ModelReference | null }) {
  const go = useNavigate()
  const [chosen, setChosen] = useState<ModelReference[] | null>(linked && [linked])
  const [systemPrompt, setSystemPrompt] = useState('')
  const usual = useUsualModel()
  const models = chosen ?? (usual ? [usual] : [])
  const sampling = useSettings(models[0])

  async function begin(text: string): Promise<boolean> {
    try {
      const made = await studio.chat.create({ models, systemPrompt })
      void sendMessage({ id: made.id, before: [], models: models.length, settings: sampling.given }, text)
      await refresh('conversations')
      await go(`/chat/${made.id}`)
      return true
    } catch (error) {
      noteFailure('The conversation could not begin', sentence(error))
      return false
    }
  }

  return (
    <ChatFrame
      chosen={null}
      head={(panel) => <ChatHead models={models} {...panel} change={setChosen} />}
      panel={<SamplingPanel {...sampling} systemPrompt={systemPrompt} setSystemPrompt={setSystemPrompt} />}
    >
      <NewConversation models={models} begin={begin} />
    </ChatFrame>
  )
}

/** What one most likely wants to talk to: the newest tuned model, else the first base model. */
function useUsualModel(): ModelReference | null {
  const models = useModels().data
  const runs = useRuns().data
  const run = runs?.find(hasCheckpoint)
  if (!models || !runs) return null
  if (run) return { kind: 'run', id: run.id, step: null }
  const model = models.find(isRunnable)
  return model ? { kind: 'model', id: model.id } : null
}

type FrameProps = {
  chosen: string | null
  head(panel: { panelShown: boolean; togglePanel(): void }): React.ReactNode
  panel: React.ReactNode
  children: React.ReactNode
}

function ChatFrame({ chosen, head, panel, children }: FrameProps) {
  const [shown, setShown] = useRemembered('sampling-panel', true, asBoolean)
  useEffect(() => {
    document.querySelector<HTMLElement>('textarea[data-composer]')?.focus()
  }, [])
  return (
    <div className={classes.chat} data-panel={shown}>
      <ConversationList chosen={chosen} />
      <section className={classes.middle} aria-label="Conversation">
        {head({ panelShown: shown, togglePanel: () => setShown(!shown) })}
        {children}
      </section>
      {shown && panel}
    </div>
  )
}
