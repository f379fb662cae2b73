export default function ObjectPage() {
  return null
}
