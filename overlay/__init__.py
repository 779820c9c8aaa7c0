"""What is drawn and where: labels, typography, erasing, composing. A plain library that draws on arrays."""
