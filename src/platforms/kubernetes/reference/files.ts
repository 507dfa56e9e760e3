import { crdFiles, type GeneratedFile } from '../scaled-app/crd/files.ts';
import { scaledAppPage } from './scaled-app-page.ts';

/** What the types of Kubernetes determine in the repository; `npm run generate` writes it, and a test fails when a file differs. */
export function kubernetesReferenceFiles(): readonly GeneratedFile[] {
  return [...crdFiles(), { path: 'docs/reference/scaled-app.md', content: scaledAppPage() }];
}
