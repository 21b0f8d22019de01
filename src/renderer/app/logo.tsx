/** Our mark: a round table with its seats (also a tower seen from above), and a loss that falls. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <circle
        cx="16"
        cy="16"
        r="13.4"
        stroke="var(--accent)"
        strokeWidth="3.2"
        strokeDasharray="5.26 3.16"
        strokeDashoffset="2.63"
      />
      <path d="M8.4 10.2c3 8.2 6.8 10.8 15.2 11.2" stroke="var(--ink)" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  )
}
