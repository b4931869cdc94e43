import { Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A number in a card of its own, under its name. */
export function Tile({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper className="card tile" p="md" component="section" aria-label={title}>
      <Text size="sm" className="quiet">
        {title}
      </Text>
      {children}
    </Paper>
  );
}

/** The number of a tile. */
export function TileValue({ children, small = false }: { children: ReactNode; small?: boolean }) {
  return (
    <Text fz={26} fw={600} lh={1.35} className={`numbers ${small ? "quiet" : ""}`} component="span">
      {children}
    </Text>
  );
}
