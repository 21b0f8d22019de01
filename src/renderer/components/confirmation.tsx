/** A question before something that cannot be taken back. */
import { Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { noteFailure } from '../lib/activities'
import { sentence } from '../lib/failure'

type Props = {
  opened: boolean
  close(): void
  title: string
  text: string
  /** The word on the button: "Delete run". */
  verb: string
  act(): Promise<unknown>
}

export function Confirmation({ opened, close, title, text, verb, act }: Props) {
  const [busy, setBusy] = useState(false)

  async function confirm() {
    setBusy(true)
    await act().then(close, (error: unknown) => noteFailure('That did not work', sentence(error)))
    setBusy(false)
  }

  return (
    <Modal opened={opened} onClose={close} title={title} size="sm" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={close} data-autofocus>
          Keep it
        </Button>
        <Button color="red" loading={busy} onClick={() => void confirm()}>
          {verb}
        </Button>
      </Group>
    </Modal>
  )
}
