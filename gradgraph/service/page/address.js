// The address of a drawing: the document, deflated, in base64url, after the path of its format.

export const LONGEST = 8000;

export async function addressOf(text, path) {
  const deflated = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const packed = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const { pathname, search } = new URL(path, document.baseURI);
  return `${location.origin}${pathname}/${packed}${search}`;
}
