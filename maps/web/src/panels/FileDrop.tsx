/** Where a file is chosen or dropped. */
import { FileButton } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";

interface FileDropProps {
  /** Endings of the files that are offered. */
  accept: string;
  icon: ReactNode;
  /** What it says: what to do, or what is chosen. */
  label: string;
  /** Under the label, while nothing is chosen. */
  hint: string | null;
  onChoose: (file: File) => void;
}

export function FileDrop({ accept, icon, label, hint, onChoose }: FileDropProps) {
  const [over, setOver] = useState(false);
  const clearInput = useRef<() => void>(null);

  function choose(file: File | null): void {
    if (!file) return;
    // Or the browser says nothing when the same file, corrected, is chosen again.
    clearInput.current?.();
    onChoose(file);
  }

  return (
    <FileButton resetRef={clearInput} onChange={choose} accept={accept}>
      {(props) => (
        <button
          {...props}
          type="button"
          className="drop"
          data-over={over}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            choose(event.dataTransfer.files[0] ?? null);
          }}
        >
          {icon}
          <span>{label}</span>
          {hint && <small>{hint}</small>}
        </button>
      )}
    </FileButton>
  );
}
