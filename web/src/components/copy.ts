import { notifications } from "@mantine/notifications";

/** Puts a text where it can be pasted from. Browsers allow it at once only to pages behind TLS or at localhost: others get a field to copy from. */
export function copyText(text: string, done: string): void {
  const told = () => notifications.show({ message: done, autoClose: 2000 });
  if (navigator.clipboard) {
    navigator.clipboard.writeText(text).then(told, () => byField(text) && told());
  } else if (byField(text)) told();
}

function byField(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}
