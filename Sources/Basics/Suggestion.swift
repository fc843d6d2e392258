/// The word that somebody who typed `word` probably meant, if one is close enough.
package func suggestion(for word: String, among known: [String]) -> String? {
    let typed = Array(word.lowercased().utf8.prefix(64))
    let distances = known.map { (word: $0, distance: editDistance(typed, Array($0.lowercased().utf8))) }
    guard let nearest = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return nearest.distance <= max(1, min(typed.count, nearest.word.utf8.count) / 3) ? nearest.word : nil
}

/// How many bytes to insert, remove, replace or swap with their neighbour (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 0..<left.count {
        var next = [row + 1]
        for column in 0..<right.count {
            let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
            var best = min(replaced, last[column + 1] + 1, next[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = min(best, beforeLast[column - 1] + 1)
            }
            next.append(best)
        }
        (beforeLast, last) = (last, next)
    }
    return last[right.count]
}
