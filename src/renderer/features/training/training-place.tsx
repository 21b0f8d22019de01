import { Place } from '../../components/place'
export function TrainingPlace() {
  return <Place title="Train">…</Place>
}
