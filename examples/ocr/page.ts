/** The page behind `GET /`: choose a file, and see its text. */
export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Text out of images</title>
    <style>
      :root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
      body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
      pre { min-height: 4rem; padding: 1rem; border: 1px solid; border-radius: 0.5rem; white-space: pre-wrap; }
    </style>
  </head>
  <body>
    <h1>Text out of images</h1>
    <p><label>A PNG or JPEG with English text: <input type="file" accept="image/png,image/jpeg" /></label></p>
    <pre aria-live="polite"></pre>
    <p>Or from a shell: <code>curl -fsS --data-binary @image.png</code> and the address of this page.</p>
    <script>
      const out = document.querySelector('pre');
      document.querySelector('input').addEventListener('change', async (event) => {
        const [file] = event.target.files;
        if (!file) return;
        out.textContent = 'Reading …';
        const answer = await fetch('/', { method: 'POST', body: file }).catch(() => null);
        out.textContent = answer ? await answer.text() : 'The server did not answer.';
      });
    </script>
  </body>
</html>
`;
