/** Small pieces that every panel is made of. */
import { Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function PanelTitle({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="panel-title">
      <Title order={2} size={16}>
        {children}
      </Title>
      {aside}
    </div>
  );
}

interface CardProps {
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

export function Card({ title, aside, children }: CardProps) {
  return (
    <Paper component="section" withBorder p="sm" className="card">
      {title && (
        <div className="card-title">
          <Title order={3} size={14}>
            {title}
          </Title>
          {aside}
        </div>
      )}
      {children}
    </Paper>
  );
}

interface FactProps {
  name: ReactNode;
  /** Text that may need more than one line. */
  long?: boolean;
  children: ReactNode;
}

/** A fact: its name on the left, its figures on the right. */
export function Fact({ name, long = false, children }: FactProps) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd className={long ? "figures long" : "figures"}>{children}</dd>
    </div>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Hint({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="gray.7" className="note">
      {children}
    </Text>
  );
}
