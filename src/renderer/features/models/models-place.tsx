import { Place } from '../../components/place'
export function ModelsPlace() {
  return <Place title="Models">…</Place>
}
