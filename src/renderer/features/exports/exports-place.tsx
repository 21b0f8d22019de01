import { Place } from '../../components/place'
export function ExportsPlace() {
  return <Place title="Exports">…</Place>
}
