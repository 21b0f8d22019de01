import { Place } from '../../components/place'
export function ChatPlace() {
  return <Place title="Chat">…</Place>
}
