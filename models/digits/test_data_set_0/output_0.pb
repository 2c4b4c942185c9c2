
BprobabilitiesJ(gÍ}?ûı9jÂ:Z…W:Îƒ:¹G:jEr:Ò:C$‰:Pò²: