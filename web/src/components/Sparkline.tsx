/** A line without axes: which way things go. The last stretch is dotted while it is not complete. Time runs left to right in every language. */
export function Sparkline(props: { values: (number | null)[]; lastIsComplete: boolean; label: string }) {
  const { values, lastIsComplete, label } = props;
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return null;
  const [width, height, edge] = [160, 40, 3];
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const room = (most - least) * 0.15 || 1;
  const [low, high] = [least - room, most + room];
  const x = (index: number) => edge + (index / (values.length - 1)) * (width - 2 * edge);
  const y = (value: number) => height - edge - ((value - low) / (high - low)) * (height - 2 * edge);
  const points = values.flatMap((value, index) => (value === null ? [] : [[x(index), y(value)] as const]));
  const path = (part: (readonly [number, number])[]) =>
    part.map(([px, py], index) => `${index === 0 ? "M" : "L"}${px.toFixed(1)} ${py.toFixed(1)}`).join("");
  const solid = lastIsComplete ? points : points.slice(0, -1);
  const open = lastIsComplete ? [] : points.slice(-2);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <g fill="none" stroke="var(--clove-accent)" strokeWidth="2" vectorEffect="non-scaling-stroke">
        <path d={path(solid)} vectorEffect="non-scaling-stroke" />
        {open.length > 0 && <path d={path(open)} strokeDasharray="3 3" vectorEffect="non-scaling-stroke" />}
      </g>
    </svg>
  );
}
