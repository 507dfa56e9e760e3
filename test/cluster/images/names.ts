/** No registry has these: they are built here and put into every node. The tag is not `latest`, which Kubernetes would always pull. */
export const appsImage = 'images.test/apps:1';
export const corednsImage = 'images.test/coredns:1';
export const drowseImage = 'images.test/drowse:1';
export const pauseImage = 'images.test/pause:1';
