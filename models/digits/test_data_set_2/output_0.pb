
BprobabilitiesJ(fr95°:Ú¥=;®%È9,^~?;j8Qÿñ81–Ð:­4:Éå!8