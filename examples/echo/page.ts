/** The page behind `GET /`: type, and see it come back. Opens its connection again with the next line if the server went away. */
export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Echo</title>
    <style>
      :root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
      body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
      ol { list-style: none; padding: 0; font-family: ui-monospace, monospace; }
    </style>
  </head>
  <body>
    <h1>Echo</h1>
    <p>A WebSocket that is open counts as use: the app stays awake until this page is closed.</p>
    <form><label>Say: <input name="text" autofocus autocomplete="off" /></label> <button>Send</button></form>
    <ol aria-live="polite"></ol>
    <script>
      let socket;
      const show = (text) => document.querySelector('ol').append(Object.assign(document.createElement('li'), { textContent: text }));
      const connect = () => new Promise((resolve) => {
        socket = new WebSocket(location.href.replace(/^http/, 'ws'));
        socket.onopen = resolve;
        socket.onmessage = (event) => show('← ' + event.data);
        socket.onclose = () => show('(closed)');
      });
      document.querySelector('form').addEventListener('submit', async (event) => {
        event.preventDefault();
        const { text } = event.target.elements;
        if (socket?.readyState !== WebSocket.OPEN) await connect();
        show('→ ' + text.value);
        socket.send(text.value);
        text.value = '';
      });
    </script>
  </body>
</html>
`;
