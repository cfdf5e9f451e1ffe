/// The number of letters put in, left out, changed or swapped that lead from one word to another.
///
/// Optimal string alignment: a swap of neighbours counts once.
func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left.utf8)
  let right = Array(right.utf8)
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    row.reserveCapacity(right.count + 1)
    for j in right.indices {
      var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[right.count]
}

/// The candidate that was probably meant, if one is near enough.
///
/// Near: within a third of the letters, or the candidate begins with what was typed.
package func nearest(to typed: String, among candidates: [String]) -> String? {
  guard typed.utf8.count <= 64 else { return nil }
  let word = typed.lowercased()
  let ranked =
    candidates
    .map { candidate -> (candidate: String, distance: Int) in
      let isBeginning = word.utf8.count >= 2 && candidate.hasPrefix(word)
      return (candidate, isBeginning ? 1 : editDistance(word, candidate))
    }
    .filter { $0.distance <= max(1, max(word.utf8.count, $0.candidate.utf8.count) / 3) }
  return ranked.min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
}
