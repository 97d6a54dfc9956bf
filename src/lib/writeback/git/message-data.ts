import { GoMap, GoStruct } from '../../gotemplate/value.ts'
import { repositoryName } from '../../image/reference.ts'
import type { DescribedApplication, DescribedImage } from './described-change.ts'
import { tagOrDigest, versionText } from './version-text.ts'

/**
 * The data of a commit message template. `.AppName` and `.AppChanges` are those of argocd-image-updater, and
 * for several Applications hold all of them; everything else is new.
 *
 * @param clean makes a value from outside safe for where the text goes
 */
export function messageData(
  applications: readonly DescribedApplication[],
  clean: (value: string) => string,
): GoStruct {
  const namespaces = new Set(applications.map(({ namespace }) => clean(namespace)))
  return new GoStruct('the message', {
    AppName: applications.map(({ application }) => clean(application)).join(', '),
    AppNamespace: [...namespaces].join(', '),
    AppChanges: applications.flatMap(({ images }) => images.map((image) => changeData(image, clean))),
    Applications: applications.map(
      ({ namespace, application, images }) =>
        new GoStruct('an Application', {
          Name: clean(application),
          Namespace: clean(namespace),
          Changes: images.map((image) => changeData(image, clean)),
        }),
    ),
  })
}

function changeData(image: DescribedImage, clean: (value: string) => string): GoStruct {
  const { alias, before, after, labels = {} } = image
  return new GoStruct('a change', {
    Image: clean(after.repository),
    OldTag: clean(tagOrDigest(before)),
    NewTag: clean(tagOrDigest(after)),
    Labels: new GoMap(Object.entries(labels).map(([name, value]) => [clean(name), clean(value)])),
    Alias: clean(alias),
    FullName: clean(repositoryName(after)),
    OldVersion: clean(versionText(before)),
    NewVersion: clean(versionText(after)),
  })
}
