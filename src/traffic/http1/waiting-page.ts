import type { Refused } from '../refusals.ts';
import { fieldValue } from './field-value.ts';
import type { Head } from './head.ts';
import type { LocalAnswer } from './answers.ts';
import { refusalLines } from './answers.ts';

const REFRESH_S = 2;
const HTML = 'text/html; charset=utf-8';
const SECURITY_LINES =
  "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nX-Content-Type-Options: nosniff\r\n";

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; padding: 2rem; }
h1 { font-size: 1.4rem; }
pre { overflow: auto; padding: 1rem; border: 1px solid; border-radius: .4rem; font-size: .85rem; }
`;

/** A person has opened an address in a browser: a page, not a picture, a script or a call of an API. */
export function isNavigation(bytes: Buffer, head: Head): boolean {
  if (!head.isGet && !head.isHead) return false;
  const accept = fieldValue(bytes, head, 'accept');
  if (accept === null || !accept.toLowerCase().includes('text/html')) return false;
  const mode = fieldValue(bytes, head, 'sec-fetch-mode');
  return mode === null || mode.toLowerCase() === 'navigate';
}

/** 503 and not 202: to caches, crawlers and monitors the app is not there yet. Browsers show the page all the same, and ask again. */
export function waitingPage(app: string): LocalAnswer {
  return page(`Waking ${app}`, '<p>It was asleep. This page asks again by itself.</p>', 'waking', REFRESH_S);
}

/** The wake failed, or there is no room: says why, and asks again when that is worth trying. */
export function refusalPage(app: string, why: Refused): LocalAnswer {
  const output = why.output.length === 0 ? '' : `<pre>${escapeHtml(why.output.join('\n'))}</pre>`;
  const again = why.retryAfterS === null ? '' : `<p>This page asks again in ${why.retryAfterS} s.</p>`;
  const text = `<p>${escapeHtml(why.message)}</p>${output}${again}`;
  return page(`${app} is not available`, text, why.state, why.retryAfterS);
}

function page(title: string, text: string, state: string, refreshS: number | null): LocalAnswer {
  const refresh = refreshS === null ? '' : `<meta http-equiv="refresh" content="${refreshS}">`;
  const refreshLine = refreshS === null ? '' : `Refresh: ${refreshS}\r\n`;
  const heading = escapeHtml(title);
  return {
    status: 503,
    lines: `${refreshLine}${refusalLines(state, refreshS)}${SECURITY_LINES}`,
    contentType: HTML,
    body:
      `<!doctype html><html lang="en"><head><meta charset="utf-8">${refresh}` +
      `<meta name="viewport" content="width=device-width"><title>${heading}</title><style>${STYLE}</style></head>` +
      `<body><main><h1>${heading}</h1>${text}</main></body></html>\n`,
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
