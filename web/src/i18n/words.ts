// What a translation must have: the same keys as English, except the singulars that Chinese does not know.

export type Translation<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Translation<T[K]>
}
