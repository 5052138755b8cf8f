import { CopyButton } from "../../../ui/controls/copy-button.tsx";
import type { Model } from "../model/use-model.ts";
import { settings } from "../settings.ts";
import { codeOf } from "./code-of.ts";
import { commandOf } from "./command-of.ts";

/** The same pictures elsewhere: as a link, a command, or code. */
export function CopyButtons({ model }: { readonly model: Model | undefined }) {
  const classes = model?.classes ?? [];
  const command = (): string => {
    const current = settings.peek();
    const run = model && "run" in model.choice ? current.model : "RUN";
    return commandOf(current, run, classes);
  };
  const code = (): string => codeOf(settings.peek(), classes.length, model?.config.data);
  return (
    <p class="row">
      <CopyButton label="Copy link" text={() => location.href} />
      <CopyButton label="Copy command" text={command} />
      <CopyButton label="Copy code" text={code} />
    </p>
  );
}
